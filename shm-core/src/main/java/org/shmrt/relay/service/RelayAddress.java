package org.shmrt.relay.service;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.shmrt.stream.inspect.StreamDirectory;

/**
 * A machine, and a stream of it.
 *
 * @param host name or address
 * @param port the port, 0 for that of the protocol
 * @param stream the stream, empty for the machine alone
 */
public record RelayAddress(String host, int port, String stream) {
    private static final Pattern SYNTAX =
            Pattern.compile("(\\[[0-9a-zA-Z:.%_-]+]|[^:\\[\\]]+)(?::([0-9]{1,5}))?(?::(.+))?");
    private static final int MAX_PORT = 65_535;

    /**
     * Parses {@code HOST}, {@code HOST:PORT}, {@code HOST:STREAM} or {@code HOST:PORT:STREAM}; an IPv6 address in
     * brackets. A stream whose name is a number needs the port before it. A path of a stream stands for its name.
     *
     * @throws IllegalArgumentException if it is none of these
     */
    public static RelayAddress parse(String text) {
        Matcher matcher = SYNTAX.matcher(text);
        int port = !matcher.matches() || matcher.group(2) == null ? 0 : Integer.parseInt(matcher.group(2));
        if (!matcher.matches() || port > MAX_PORT) {
            throw new IllegalArgumentException("'" + text + "' is not a stream of another machine: write HOST:STREAM or"
                    + " HOST:PORT:STREAM, for example rtc1:cam");
        }
        String host = matcher.group(1).replaceAll("[\\[\\]]", "");
        String stream = matcher.group(3) == null ? "" : matcher.group(3);
        String file = stream.substring(stream.lastIndexOf('/') + 1);
        String name = file.endsWith(StreamDirectory.SUFFIX)
                ? file.substring(0, file.length() - StreamDirectory.SUFFIX.length())
                : file;
        return new RelayAddress(host, port, name);
    }

    /** The same with a port, if it has none. */
    public RelayAddress withDefaultPort(int newPort) {
        return port == 0 ? new RelayAddress(host, newPort, stream) : this;
    }
}
