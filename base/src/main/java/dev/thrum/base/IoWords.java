package dev.thrum.base;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Messages for errors, above all of files; those of the JDK are often only a path. */
public final class IoWords {
    private IoWords() {}

    /** The message of an error; its class if it has none. */
    public static String of(Throwable e) {
        if (e instanceof IOException known) {
            return of(known);
        }
        String message = e.getMessage();
        return message == null || message.isBlank() ? e.getClass().getSimpleName() : message;
    }

    public static String of(IOException e) {
        return switch (e) {
            case AccessDeniedException _ -> "this user may not do that";
            case NoSuchFileException missing -> "there is no " + missing.getFile();
            case FileSystemException known when known.getReason() != null -> known.getReason();
            case FileSystemException known -> "the file system has refused " + known.getFile();
            default -> e.getMessage() == null ? "it failed without a reason" : e.getMessage();
        };
    }
}
