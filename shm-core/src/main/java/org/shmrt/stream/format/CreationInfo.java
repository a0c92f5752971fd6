package org.shmrt.stream.format;

/**
 * What a stream's header tells of its making.
 *
 * @param createdNs when, nanoseconds since 1970 on the format's clock
 * @param inode number of the new file
 * @param pid process that makes it
 */
public record CreationInfo(long createdNs, long inode, int pid) {}
