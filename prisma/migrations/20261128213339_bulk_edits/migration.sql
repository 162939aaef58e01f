-- AlterTable
ALTER TABLE "Revision" ADD COLUMN "bulkEditId" TEXT;

-- CreateTable
CREATE TABLE "LabelAlias" (
    "projectId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "labelId" TEXT NOT NULL,

    PRIMARY KEY ("projectId", "name"),
    CONSTRAINT "LabelAlias_projectId_fkey" FOREIGN KEY ("projectId") REFERENCES "Project" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "LabelAlias_labelId_fkey" FOREIGN KEY ("labelId") REFERENCES "Label" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Attribute" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "projectId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "rule" JSONB NOT NULL,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "Attribute_projectId_fkey" FOREIGN KEY ("projectId") REFERENCES "Project" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "BulkEdit" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "projectId" TEXT NOT NULL,
    "authorId" TEXT,
    "payload" JSONB NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'queued',
    "total" INTEGER NOT NULL,
    "done" INTEGER NOT NULL DEFAULT 0,
    "cursor" INTEGER,
    "result" JSONB NOT NULL,
    "reason" TEXT,
    "claimedBy" TEXT,
    "undoesId" TEXT,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "endedAt" DATETIME,
    CONSTRAINT "BulkEdit_projectId_fkey" FOREIGN KEY ("projectId") REFERENCES "Project" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "BulkEdit_authorId_fkey" FOREIGN KEY ("authorId") REFERENCES "User" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
    CONSTRAINT "BulkEdit_undoesId_fkey" FOREIGN KEY ("undoesId") REFERENCES "BulkEdit" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "MergedExpression" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "imageId" TEXT NOT NULL,
    "intoId" TEXT NOT NULL,
    CONSTRAINT "MergedExpression_imageId_fkey" FOREIGN KEY ("imageId") REFERENCES "Image" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateIndex
CREATE INDEX "LabelAlias_labelId_idx" ON "LabelAlias"("labelId");

-- CreateIndex
CREATE UNIQUE INDEX "Attribute_projectId_name_key" ON "Attribute"("projectId", "name");

-- CreateIndex
CREATE UNIQUE INDEX "BulkEdit_undoesId_key" ON "BulkEdit"("undoesId");

-- CreateIndex
CREATE INDEX "BulkEdit_projectId_createdAt_idx" ON "BulkEdit"("projectId", "createdAt");

-- CreateIndex
CREATE INDEX "BulkEdit_status_idx" ON "BulkEdit"("status");

-- CreateIndex
CREATE INDEX "MergedExpression_imageId_idx" ON "MergedExpression"("imageId");

-- CreateIndex
CREATE INDEX "Revision_bulkEditId_idx" ON "Revision"("bulkEditId");
