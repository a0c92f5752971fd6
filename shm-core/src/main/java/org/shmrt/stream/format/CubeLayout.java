package org.shmrt.stream.format;

/**
 * A rolling cube: a stream of three axes whose slices are written one after another, round and round. cnt1 is the slice
 * written last. The lists have an entry for each slice; ImageStreamIO leaves them 0, ShmRT fills them.
 *
 * @param slices their number, the length of the slowest axis
 * @param sliceBytes size of one slice
 * @param acquiredOffset acquisition time of each slice, seconds and nanoseconds; -1 where the file lacks the lists
 * @param writtenOffset write time of each slice, seconds and nanoseconds; -1 where the file lacks the lists
 * @param countOffset cnt0 of each slice; -1 where the file lacks the lists
 */
public record CubeLayout(int slices, long sliceBytes, long acquiredOffset, long writtenOffset, long countOffset) {}
