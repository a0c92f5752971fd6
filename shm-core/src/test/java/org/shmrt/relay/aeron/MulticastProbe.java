package org.shmrt.relay.aeron;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.NetworkInterface;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;

/** Whether this machine passes multicast packets on loopback to several sockets, found by an exchange without Aeron. */
final class MulticastProbe {
    private static final InetAddress GROUP = InetAddress.ofLiteral("239.255.77.19");
    private static final int TRIES = 20;
    private static final int TRY_MS = 100;

    private MulticastProbe() {}

    /** Why it does not; empty if it does. */
    static String obstacle() {
        try {
            NetworkInterface loopback = NetworkInterface.getByInetAddress(InetAddress.getLoopbackAddress());
            try (MulticastSocket one = new MulticastSocket(0);
                    MulticastSocket two = new MulticastSocket(one.getLocalPort());
                    MulticastSocket sender = new MulticastSocket(0)) {
                sender.setNetworkInterface(loopback);
                InetSocketAddress group = new InetSocketAddress(GROUP, one.getLocalPort());
                one.joinGroup(group, loopback);
                two.joinGroup(group, loopback);
                byte[] sent = UUID.randomUUID().toString().getBytes(StandardCharsets.US_ASCII);
                for (MulticastSocket member : new MulticastSocket[] {one, two}) {
                    if (!receives(member, sender, new DatagramPacket(sent, sent.length, group))) {
                        return "no packet of a multicast group arrives on " + loopback.getName();
                    }
                }
                return "";
            }
        } catch (IOException e) {
            return "cannot use multicast on loopback: " + e;
        }
    }

    private static boolean receives(MulticastSocket member, MulticastSocket sender, DatagramPacket packet)
            throws IOException {
        member.setSoTimeout(TRY_MS);
        byte[] buffer = new byte[packet.getLength()];
        for (int i = 0; i < TRIES; i++) {
            sender.send(packet);
            DatagramPacket received = new DatagramPacket(buffer, buffer.length);
            try {
                member.receive(received);
            } catch (SocketTimeoutException e) {
                continue; // a busy machine may lose some
            }
            if (Arrays.equals(buffer, packet.getData())) {
                return true;
            }
        }
        return false;
    }
}
