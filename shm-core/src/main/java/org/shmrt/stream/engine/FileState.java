package org.shmrt.stream.engine;

/** What the path of an open stream leads to now. */
public enum FileState {
    /** The file that was opened, with the stream that was in it. */
    SAME,
    /** Another file, another size, or another stream in the same file. */
    REPLACED,
    /** No file. */
    REMOVED
}
