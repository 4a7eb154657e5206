DROP TABLE school_notifications;
