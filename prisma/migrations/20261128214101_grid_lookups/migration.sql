-- DropIndex
DROP INDEX "Expression_text_idx";

-- DropIndex
DROP INDEX "Revision_authorId_idx";

-- AlterTable
ALTER TABLE "Project" ADD COLUMN "lastPosition" INTEGER NOT NULL DEFAULT 0;

-- CreateIndex
CREATE INDEX "Expression_text_kind_imageId_idx" ON "Expression"("text", "kind", "imageId");

-- CreateIndex
CREATE INDEX "Revision_authorId_imageId_idx" ON "Revision"("authorId", "imageId");
