package org.shmrt.stream.format;

/**
 * The properties of a new stream's creation that its header records.
 *
 * @param createdNs when, nanoseconds since 1970 on the format's clock
 * @param inode inode number of the new file
 * @param pid process that creates it
 */
public record CreationInfo(long createdNs, long inode, int pid) {}
