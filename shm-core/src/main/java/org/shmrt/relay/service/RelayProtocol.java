package org.shmrt.relay.service;

/** The protocols between two machines. */
public enum RelayProtocol {
    /** ShmRT's own: counts, ids, times and keywords; a key; every frame if wanted. */
    SHM(RelayServer.PORT),
    /** That of DAO's network service: the newest frame each time, no key. */
    DAO(RelayServer.DAO_PORT);

    private final int port;

    RelayProtocol(int port) {
        this.port = port;
    }

    /** The port on which its servers listen usually. */
    public int port() {
        return port;
    }
}
