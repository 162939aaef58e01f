-- AlterTable
ALTER TABLE "Task" ADD COLUMN "result" JSONB;

-- CreateTable
CREATE TABLE "Suggestion" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "imageId" TEXT NOT NULL,
    "boxId" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "box" JSONB NOT NULL,
    "score" REAL,
    "model" TEXT NOT NULL,
    "modelName" TEXT NOT NULL,
    "runId" TEXT,
    "state" TEXT NOT NULL DEFAULT 'open',
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "Suggestion_imageId_fkey" FOREIGN KEY ("imageId") REFERENCES "Image" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateIndex
CREATE UNIQUE INDEX "Suggestion_boxId_key" ON "Suggestion"("boxId");

-- CreateIndex
CREATE INDEX "Suggestion_imageId_idx" ON "Suggestion"("imageId");

-- CreateIndex
CREATE INDEX "Suggestion_state_imageId_idx" ON "Suggestion"("state", "imageId");
