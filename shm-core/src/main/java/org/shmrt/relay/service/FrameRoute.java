package org.shmrt.relay.service;

/** How frames reach a subscriber. */
public enum FrameRoute {
    /** Over its connection. */
    CONNECTION("tcp"),
    /** By an engine, to it alone. */
    ENGINE("aeron"),
    /** By an engine, once for all members of a multicast group. */
    GROUP("multicast");

    private final String transport;

    FrameRoute(String transport) {
        this.transport = transport;
    }

    /** The name of the route, in messages and in the status. */
    public String transport(boolean isEncrypted) {
        return transport + (isEncrypted ? ", encrypted" : "");
    }
}
