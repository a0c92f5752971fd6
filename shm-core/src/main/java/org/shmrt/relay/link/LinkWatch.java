package org.shmrt.relay.link;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Closes links whose other side has fallen silent. A blocking call on a socket has no time limit of its own; this thread
 * ends it. One thread serves all links of the process.
 */
final class LinkWatch {
    private static final long PERIOD_NS = 250_000_000L;

    private static final Set<TcpLink> LINKS = ConcurrentHashMap.newKeySet();
    private static Thread thread;

    private LinkWatch() {}

    static void add(TcpLink link) {
        LINKS.add(link);
        synchronized (LinkWatch.class) {
            if (thread == null) {
                thread = Thread.ofPlatform().daemon().name("shm-relay-watch").start(LinkWatch::run);
            }
        }
    }

    static void remove(TcpLink link) {
        LINKS.remove(link);
    }

    private static void run() {
        while (true) {
            LockSupport.parkNanos(PERIOD_NS);
            long nowNs = System.nanoTime();
            for (TcpLink link : LINKS) {
                link.check(nowNs);
            }
        }
    }
}
