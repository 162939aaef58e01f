-- AlterTable
ALTER TABLE "Run" ADD COLUMN "claimedBy" TEXT;

-- AlterTable
ALTER TABLE "Task" ADD COLUMN "claimedBy" TEXT;
