DROP TABLE national_file_problems;
