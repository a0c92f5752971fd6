package org.shmrt.relay.link;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The address of a multicast group, and its port. Immutable.
 *
 * @param address an address of IPv4 or IPv6 whose last bit is set: Aeron uses the next address for its own messages
 * @param port 1 to 65535
 */
public record MulticastGroup(InetAddress address, int port) {
    private static final Pattern SYNTAX = Pattern.compile("(\\[[0-9a-fA-F:.]+]|[0-9.]+):([0-9]{1,5})");
    private static final int MAX_PORT = 65_535;

    /** Checks the address. */
    public MulticastGroup {
        byte[] bytes = address.getAddress();
        if (!address.isMulticastAddress() || port < 1 || port > MAX_PORT) {
            throw wrong(address.getHostAddress() + ":" + port);
        }
        if ((bytes[bytes.length - 1] & 1) == 0) {
            throw new IllegalArgumentException("cannot use the multicast group " + address.getHostAddress()
                    + ": its last number must be odd, because Aeron uses the next address too");
        }
    }

    /**
     * Parses {@code 239.255.77.21:7721}, or {@code [ff12::7721]:7721}.
     *
     * @throws IllegalArgumentException if it is not a multicast group, or one that Aeron cannot use
     */
    public static MulticastGroup parse(String text) {
        Matcher matcher = SYNTAX.matcher(text);
        if (!matcher.matches()) {
            throw wrong(text);
        }
        return new MulticastGroup(address(matcher.group(1), text), Integer.parseInt(matcher.group(2)));
    }

    private static InetAddress address(String literal, String text) {
        try {
            return InetAddress.ofLiteral(literal.replaceAll("[\\[\\]]", ""));
        } catch (IllegalArgumentException e) {
            throw wrong(text);
        }
    }

    private static IllegalArgumentException wrong(String text) {
        return new IllegalArgumentException("'" + text
                + "' is not a multicast group with a port: give an address in 239.0.0.0/8 or ff00::/8, for example"
                + " 239.255.77.21:7721");
    }

    /**
     * Whether a machine can reach the group from one of its addresses: both are of IPv4, or of IPv6.
     *
     * @param host an address
     */
    public boolean isReachableFrom(String host) {
        return (host.indexOf(':') >= 0) == (address instanceof Inet6Address);
    }

    /** The group as it is parsed. */
    @Override
    public String toString() {
        return FrameEngine.hostText(address.getHostAddress()) + ":" + port;
    }
}
