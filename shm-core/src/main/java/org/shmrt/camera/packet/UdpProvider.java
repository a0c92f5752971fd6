package org.shmrt.camera.packet;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.shmrt.camera.FrameFormat;
import org.shmrt.camera.FrameSource;
import org.shmrt.camera.SourceOptions;
import org.shmrt.error.ShmException;

/**
 * Opens {@code udp:PORT}, {@code udp:ADDRESS:PORT} and, for a multicast group, {@code udp:GROUP:PORT}. The settings
 * describe the packets.
 */
public final class UdpProvider implements FrameSource.Provider {
    private static final String DESCRIPTION = "description";
    private static final String SAMPLING = "sampling";
    private static final String INCOMPLETE = "incomplete";
    private static final String RTP = "rtp";
    private static final int MAX_PORT = 65_535;

    @Override
    public String scheme() {
        return "udp";
    }

    @Override
    public FrameSource open(String text, SourceOptions options) {
        List<String> known = new ArrayList<>(PacketDescription.KEYS);
        known.addAll(List.of(DESCRIPTION, SAMPLING, INCOMPLETE));
        options.checkSettings("udp:", known.toArray(String[]::new));
        FrameFormat frames = frames(options);
        Map<String, String> settings = new LinkedHashMap<>(options.settings());
        Assembler.Incomplete incomplete = switch (settings.getOrDefault(INCOMPLETE, "withhold")) {
            case "withhold" -> Assembler.Incomplete.WITHHOLD;
            case "publish" -> Assembler.Incomplete.PUBLISH;
            default ->
                throw new IllegalArgumentException(
                        "udp: " + INCOMPLETE + "=" + settings.get(INCOMPLETE) + " is unknown: use withhold or publish");
        };
        PacketFormat packets = packets(settings, frames, incomplete);
        int colon = text.lastIndexOf(':');
        String port = text.substring(colon + 1);
        if (!port.matches("[0-9]{1,5}") || Integer.parseInt(port) > MAX_PORT) {
            throw new IllegalArgumentException("udp:" + text
                    + " has no valid port: write udp:PORT, or udp:ADDRESS:PORT with the address of an interface or a"
                    + " multicast group");
        }
        return open(
                text, colon < 0 ? "" : text.substring(0, colon), Integer.parseInt(port), frames, packets, incomplete);
    }

    private static FrameFormat frames(SourceOptions options) {
        if (options.shape().isEmpty()
                || options.type().isEmpty()
                || options.strideBytes().isPresent()) {
            throw new IllegalArgumentException("udp: needs the shape and the type of the frames, for example --shape"
                    + " 480x640 --dtype u16, and no stride");
        }
        return FrameFormat.ofShape(options.type().get(), options.shape().get(), options.rateHz());
    }

    private static PacketFormat packets(
            Map<String, String> settings, FrameFormat frames, Assembler.Incomplete incomplete) {
        String description = settings.remove(DESCRIPTION);
        settings.remove(INCOMPLETE);
        if (RTP.equals(description)) {
            String sampling = settings.remove(SAMPLING);
            if (!settings.isEmpty()) {
                throw new IllegalArgumentException(
                        "udp: " + settings.keySet().iterator().next()
                                + " does not apply to description=rtp, whose packets are known");
            }
            if (incomplete == Assembler.Incomplete.PUBLISH) {
                throw new IllegalArgumentException(
                        "udp: incomplete=publish needs packets with numbers from 0, which RTP does not have");
            }
            boolean isColour = frames.pixels() == FrameFormat.Pixels.RGB;
            return new RtpPackets(
                    frames, RtpPackets.Sampling.of(sampling == null ? (isColour ? "rgb" : "mono") : sampling));
        }
        if (settings.containsKey(SAMPLING)) {
            throw new IllegalArgumentException("udp: sampling applies to description=rtp only");
        }
        PacketDescription fields = PacketDescription.of(
                description == null ? settings : PacketDescription.withFile(settings, description));
        FieldPackets packets = new FieldPackets(fields, frames);
        if (incomplete == Assembler.Incomplete.PUBLISH
                && !fields.total().exists()
                && fields.packets() == 0
                && fields.payloadBytes() == 0) {
            throw new IllegalArgumentException("udp: incomplete=publish needs the number of packets of a frame: set"
                    + " total=AT:BYTES, or packets=NUMBER");
        }
        return packets;
    }

    // the source closes the channel
    @SuppressWarnings("resource")
    private static FrameSource open(
            String name,
            String address,
            int port,
            FrameFormat frames,
            PacketFormat packets,
            Assembler.Incomplete incomplete) {
        try {
            InetAddress host = address.isEmpty() ? null : InetAddress.getByName(address);
            boolean isGroup = host != null && host.isMulticastAddress();
            DatagramChannel channel = isGroup && host.getAddress().length == 4
                    ? DatagramChannel.open(StandardProtocolFamily.INET)
                    : DatagramChannel.open();
            try {
                if (isGroup) {
                    channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
                }
                channel.bind(host == null || isGroup ? new InetSocketAddress(port) : new InetSocketAddress(host, port));
                if (isGroup) {
                    join(name, channel, host);
                }
                int bound = ((InetSocketAddress) channel.getLocalAddress()).getPort();
                return new UdpSource(channel, frames, packets, incomplete, new SocketBuffer(channel, bound, frames));
            } catch (IOException | RuntimeException | Error e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw new ShmException(
                    "cannot receive packets at udp:" + name + ": " + e.getMessage()
                            + ": is another program using the port, and does this machine have the address?",
                    e);
        }
    }

    /** Joins a group on all multicast interfaces that are up and have an address of its family. */
    // the channel leaves the group when it is closed
    @SuppressWarnings("resource")
    private static void join(String name, DatagramChannel channel, InetAddress group) throws IOException {
        List<String> joined = new ArrayList<>();
        List<String> failures = new ArrayList<>();
        for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
            if (!each.isUp() || !each.supportsMulticast() || !hasAddressLike(group, each)) {
                continue;
            }
            try {
                channel.join(group, each);
                joined.add(each.getName());
            } catch (IOException e) {
                failures.add(each.getName() + ": " + e.getMessage());
            }
        }
        // Every interface that is left can join, so a failure may be that of the camera's interface.
        if (joined.isEmpty() || !failures.isEmpty()) {
            throw new ShmException("cannot receive packets at udp:" + name
                    + ": a network interface cannot join the group "
                    + group.getHostAddress() + " ("
                    + (failures.isEmpty()
                            ? "no multicast interface that is up has an address of its family"
                            : String.join(", ", failures))
                    + "); assign an address to the camera's network interface (ip address add)");
        }
    }

    /** The kernel finds an interface by its address: one without an address of IPv4 cannot join a group of IPv4. */
    private static boolean hasAddressLike(InetAddress group, NetworkInterface network) {
        return network.inetAddresses().anyMatch(address -> address.getClass() == group.getClass());
    }
}
