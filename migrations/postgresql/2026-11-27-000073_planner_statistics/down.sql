-- The embedded database is told here how a register is; this one learns it by itself.
SELECT 1;
