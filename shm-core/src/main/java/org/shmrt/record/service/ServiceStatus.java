package org.shmrt.record.service;

/**
 * What the page of a recording service shows at one moment. The totals are those of the recording that runs, or of the
 * last one. Immutable.
 *
 * @param name name of the service
 * @param alive whether its process runs
 * @param pid its process
 * @param state what it does
 * @param directory where its files go
 * @param startedNs when the recording began, nanoseconds since 1970-01-01 UTC; 0 if none did
 * @param recorded frames in files
 * @param buffered frames in memory
 * @param lost frames that are missing
 * @param bytes pixels written, bytes
 * @param findings number of findings
 * @param finding the first of them; empty if there is none
 */
public record ServiceStatus(
        String name,
        boolean alive,
        int pid,
        ServiceState state,
        String directory,
        long startedNs,
        long recorded,
        long buffered,
        long lost,
        long bytes,
        long findings,
        String finding) {}
