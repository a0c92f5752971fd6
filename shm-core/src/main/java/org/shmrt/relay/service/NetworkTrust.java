package org.shmrt.relay.service;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;
import org.shmrt.relay.link.LinkException;
import org.shmrt.relay.link.PreSharedKey;

/** Whether frames may cross a network without encryption. */
public enum NetworkTrust {
    /** No: only between programs of this machine. */
    NONE,
    /** Yes: everybody who can reach the network may read and forge them. */
    FULL;

    /**
     * Resolves an address to listen on or to connect to, and checks that it may be used.
     *
     * @throws LinkException if there is no machine of this name
     * @throws IllegalArgumentException if it is not of this machine and there is neither key nor trust
     */
    InetAddress check(String host, Optional<PreSharedKey> key, String what) {
        InetAddress[] addresses;
        try {
            addresses = InetAddress.getAllByName(host);
        } catch (UnknownHostException e) {
            throw new LinkException(
                    "cannot " + what + " '" + host
                            + "': there is no machine of this name; check it, or use its address",
                    e);
        }
        boolean isLocal = Arrays.stream(addresses).allMatch(InetAddress::isLoopbackAddress);
        if (!isLocal && key.isEmpty() && this == NONE) {
            throw new IllegalArgumentException(
                    "cannot " + what + " " + host + " without a key: others on the network could read and forge the"
                            + " frames; give --key-file, tunnel the port through ssh, or, on a"
                            + " network of trusted machines only, --trust-network");
        }
        return addresses[0];
    }
}
