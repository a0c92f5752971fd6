package org.shmrt.relay.link;

import java.nio.file.Path;
import java.util.Optional;
import java.util.ServiceLoader;
import org.shmrt.error.ShmException;

/**
 * A transport that carries frames beside the connection of a session, in one direction, with its own recovery of losses.
 * Found as a service, because its library is optional. Safe for any thread.
 */
public interface FrameEngine extends AutoCloseable {
    /**
     * How to use the engine.
     *
     * @param driverDirectory the directory of a media driver that runs in another process; empty for one in this process
     * @param mtuBytes largest packet, bytes
     * @param windowBytes most bytes on the way, which bounds how old a frame can become in the engine
     * @param group the multicast group to which frames can be sent; empty for none
     */
    record Settings(Optional<Path> driverDirectory, int mtuBytes, int windowBytes, Optional<MulticastGroup> group) {
        /** Packets for an Ethernet without jumbo frames, some frames on the way, and no group. */
        public static final Settings DEFAULT = new Settings(Optional.empty(), 1408, 4 << 20, Optional.empty());
    }

    /** Opens an engine. */
    interface Provider {
        /** The name of the transport, for example {@code aeron}. */
        String name();

        /**
         * Opens the engine.
         *
         * @throws ShmException if its library is missing, or its driver cannot be reached
         */
        FrameEngine open(Settings settings);
    }

    /** The receiving end of a link for frames. */
    interface Receiver extends ByteLink {
        /** What the sender needs to reach it. */
        String endpoint();
    }

    /** The sending end of a link to a group. */
    interface GroupSender extends ByteLink {
        /** What receivers need to join. */
        String endpoint();
    }

    /**
     * Prepares to receive frames.
     *
     * @param host the address of this machine at which the sender can reach it
     */
    Receiver receiver(String host);

    /**
     * Prepares to send frames.
     *
     * @param endpoint that of the receiver
     * @throws LinkException if it is not one
     */
    ByteLink sender(String endpoint);

    /** The group to which {@link #groupSender} sends; empty if it has none. */
    Optional<MulticastGroup> group();

    /**
     * Prepares to send frames to the group. The slowest of its receivers sets the pace; one that is silent for a second
     * is left behind.
     *
     * @param host the address of this machine in the network of the receivers
     * @throws LinkException if the group cannot be reached from there
     */
    GroupSender groupSender(String host);

    /**
     * Joins a group, and waits until its sender is heard.
     *
     * @param endpoint that of the sender
     * @param host the address of this machine in the network of the sender
     * @throws LinkException if it is not an endpoint of a group, or the sender is not heard
     */
    JoinableLink groupReceiver(String endpoint, String host);

    /** A host in an endpoint: an address of IPv6 has brackets, and no zone, which is local to each machine. */
    static String hostText(String host) {
        return host.indexOf(':') < 0 ? host : "[" + host.replaceFirst("%.*", "") + "]";
    }

    /** Ends all links. */
    @Override
    void close();

    /**
     * The provider of a transport.
     *
     * @throws ShmException if there is none
     */
    static Provider named(String name) {
        return ServiceLoader.load(Provider.class, Provider.class.getClassLoader()).stream()
                .map(ServiceLoader.Provider::get)
                .filter(provider -> provider.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new ShmException("this program has no transport '" + name + "': use tcp"));
    }
}
