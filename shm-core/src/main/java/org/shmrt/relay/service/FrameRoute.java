package org.shmrt.relay.service;

/** How frames reach a subscriber. */
public enum FrameRoute {
    /** Over its connection. */
    CONNECTION,
    /** By an engine, to it alone. */
    ENGINE,
    /** By an engine, once for all members of a multicast group. */
    GROUP
}
