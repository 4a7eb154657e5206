DROP TABLE national_file_chunks;
DROP TABLE national_files;
