package org.shmrt.relay.link;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicReference;
import org.shmrt.posix.SystemError;

/**
 * A TCP connection. Frames are sent from and received into shared memory without a copy in this process. A link whose
 * other side does not receive, or sends nothing, for the time limit is closed.
 */
public final class TcpLink implements ByteLink {
    private static final int CONNECT_TIMEOUT_MS = 3000;
    private static final int MIN_SEND_BUFFER_BYTES = 1 << 16;
    private static final int MAX_SEND_BUFFER_BYTES = 1 << 22;

    private final SocketChannel channel;
    private final String peer;
    private final AtomicReference<String> closeReason = new AtomicReference<>();
    private final long silenceNs;
    private volatile long heardNs = System.nanoTime();
    /** When the present call of {@link #send} last made progress; 0 without one. */
    private volatile long sendingNs;
    /** By when the link must be established; 0 once it is. */
    private volatile long deadlineNs;

    /**
     * Takes over a connected channel.
     *
     * @param channel a channel in blocking mode
     * @param silenceNs how long the other side may be silent
     * @param establishNs how long it may take until {@link #established}
     */
    public TcpLink(SocketChannel channel, long silenceNs, long establishNs) throws IOException {
        this.channel = channel;
        this.silenceNs = silenceNs;
        this.deadlineNs = nonZero(System.nanoTime() + establishNs);
        InetSocketAddress address = (InetSocketAddress) channel.getRemoteAddress();
        this.peer = address.getAddress().getHostAddress() + ":" + address.getPort();
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        LinkWatch.add(this);
    }

    /**
     * Connects to another machine, at the first of its addresses (of IPv4 and IPv6) that answers.
     *
     * @throws LinkException if nobody answers there
     */
    public static TcpLink connect(String host, int port, long silenceNs, long establishNs) {
        LinkException last = null;
        try {
            for (InetAddress address : InetAddress.getAllByName(host)) {
                try {
                    return connect(host, new InetSocketAddress(address, port), silenceNs, establishNs);
                } catch (LinkException e) {
                    last = e;
                }
            }
        } catch (UnknownHostException e) {
            throw new LinkException(
                    "cannot connect to " + host + ": there is no machine of this name; check it, or use its address",
                    e);
        }
        throw last;
    }

    private static TcpLink connect(String host, InetSocketAddress address, long silenceNs, long establishNs) {
        SocketChannel channel = null;
        try {
            channel = SocketChannel.open();
            channel.socket().connect(address, CONNECT_TIMEOUT_MS);
            return new TcpLink(channel, silenceNs, establishNs);
        } catch (RuntimeException | Error e) {
            closeQuietly(channel);
            throw e;
        } catch (IOException e) {
            closeQuietly(channel);
            String reason = e instanceof ConnectException
                    ? "nobody listens there"
                    : e instanceof SocketTimeoutException ? "no answer within 3 s" : String.valueOf(e.getMessage());
            throw new LinkException(
                    "cannot connect to " + host + " port " + address.getPort() + ": " + reason
                            + "; check that the relay runs there and that no firewall is between",
                    e);
        }
    }

    /** The address of the other machine. */
    public String peerHost() {
        return peer.substring(0, peer.lastIndexOf(':'));
    }

    /** The address of this machine in the connection. */
    public String localHost() {
        try {
            return ((InetSocketAddress) channel.getLocalAddress()).getAddress().getHostAddress();
        } catch (IOException e) {
            throw lost(e);
        }
    }

    private static void closeQuietly(SocketChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            // It was not connected.
        }
    }

    private static long nonZero(long ns) {
        return ns == 0 ? 1 : ns;
    }

    /** The other side has proved who it is: there is no limit any more for the time until then. */
    public void established() {
        deadlineNs = 0;
    }

    /** Called by {@link LinkWatch}. */
    void check(long nowNs) {
        long sending = sendingNs;
        long deadline = deadlineNs;
        if (deadline != 0 && nowNs - deadline > 0) {
            close("it was not established in time");
        } else if (sending != 0 && nowNs - sending > silenceNs) {
            close("the other side does not receive");
        } else if (nowNs - heardNs > silenceNs) {
            close("the other side has been silent for " + silenceNs / 1_000_000 + " ms");
        }
    }

    @Override
    public void send(ByteBuffer... parts) {
        try {
            ByteBuffer last = parts[parts.length - 1];
            while (last.hasRemaining() || hasRemaining(parts)) {
                sendingNs = nonZero(System.nanoTime());
                channel.write(parts);
            }
        } catch (IOException e) {
            throw lost(e);
        } finally {
            sendingNs = 0;
        }
    }

    @Override
    public void receive(ByteBuffer... parts) {
        try {
            while (hasRemaining(parts)) {
                if (channel.read(parts) < 0) {
                    throw lost(null);
                }
                heardNs = System.nanoTime();
            }
        } catch (IOException e) {
            // Memory to receive into that a truncated or full file does not have.
            if (SystemError.BAD_ADDRESS.isReportedBy(e)) {
                close("a frame could not be stored");
                // Where Java's own access to the memory of a truncated file throws the same.
                throw new InternalError("the kernel cannot store what was received", e);
            }
            throw lost(e);
        }
    }

    private static boolean hasRemaining(ByteBuffer[] parts) {
        for (ByteBuffer part : parts) {
            if (part.hasRemaining()) {
                return true;
            }
        }
        return false;
    }

    private LinkException lost(IOException e) {
        String reason = closeReason.get();
        if (reason == null) {
            reason = e == null ? "the other side closed it" : String.valueOf(e.getMessage());
        }
        close(reason);
        return new LinkException("the link to " + peer + " was lost: " + reason, e);
    }

    @Override
    public boolean sendsInPlace() {
        return true;
    }

    @Override
    public String peer() {
        return peer;
    }

    @Override
    public void boundUnsent(long bytes) {
        try {
            channel.setOption(
                    StandardSocketOptions.SO_SNDBUF, Math.clamp(bytes, MIN_SEND_BUFFER_BYTES, MAX_SEND_BUFFER_BYTES));
        } catch (IOException e) {
            throw lost(e);
        }
    }

    private void close(String reason) {
        closeReason.compareAndSet(null, reason);
        LinkWatch.remove(this);
        closeQuietly(channel);
    }

    @Override
    public void close() {
        close("it was closed here");
    }
}
