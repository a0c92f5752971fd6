package org.shmrt.cli.relay;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Optional;
import org.shmrt.cli.verb.Converters;
import org.shmrt.cli.verb.SecretFile;
import org.shmrt.relay.link.FrameEngine;
import org.shmrt.relay.link.MulticastGroup;
import org.shmrt.relay.link.PreSharedKey;
import org.shmrt.relay.service.NetworkTrust;
import picocli.CommandLine.Option;

/** Options of all verbs that speak with another machine. */
final class LinkOptions {
    @Option(
            names = "--key-file",
            paramLabel = "F",
            description = "File with the secret of both machines, which only its owner may access. Frames are then"
                    + " encrypted. Make one with: openssl rand -hex 32.")
    private Path keyFile;

    @Option(
            names = "--trust-network",
            description = "Use addresses of other machines without a key. Everybody on the network can then read and"
                    + " forge frames.")
    private boolean trustNetwork;

    Optional<PreSharedKey> key() {
        return Optional.ofNullable(keyFile).map(file -> PreSharedKey.of(SecretFile.read(file, "--key-file")));
    }

    NetworkTrust trust() {
        return trustNetwork ? NetworkTrust.FULL : NetworkTrust.NONE;
    }

    /** The name of this machine for others. */
    static String node() {
        try {
            String name = InetAddress.getLocalHost().getHostName().replaceAll("\\s", "_");
            return name.isEmpty() ? "unknown" : name.substring(0, Math.min(name.length(), 63));
        } catch (UnknownHostException e) {
            return "unknown"; // the name of this machine has no address
        }
    }

    /** Options of the transport. */
    static final class Aeron {
        @Option(
                names = "--aeron",
                description =
                        "Send frames by Aeron, over UDP, which repeats lost packets. Both sides need this option.")
        private boolean aeron;

        @Option(
                names = "--aeron-dir",
                paramLabel = "DIR",
                description =
                        "Directory of Aeron's media driver in another process. Default: a driver in this process.")
        private Path directory;

        @Option(
                names = "--mtu",
                paramLabel = "BYTES",
                converter = Converters.ToByteCount.class,
                description = "Largest packet of Aeron, a multiple of 32: 8192 for networks with jumbo frames. Default:"
                        + " 1408.")
        private Long givenMtuBytes;

        @Option(
                names = "--window",
                paramLabel = "BYTES",
                converter = Converters.ToByteCount.class,
                description = "Most bytes of Aeron in flight: at least the data rate times the round-trip time of the"
                        + " network. Default: 4M.")
        private Long givenWindowBytes;

        boolean isGiven() {
            return aeron;
        }

        /**
         * Opens the engine for {@code --aeron} and for multicast, which also uses Aeron.
         *
         * @param multicast whether frames come from a group or go to one
         * @param group the group to which they go; empty for none
         */
        Optional<FrameEngine> open(boolean multicast, Optional<MulticastGroup> group) {
            if (!aeron && !multicast) {
                refuseWithoutAeron();
                return Optional.empty();
            }
            FrameEngine.Settings defaults = FrameEngine.Settings.DEFAULT;
            long mtuBytes = givenMtuBytes == null ? defaults.mtuBytes() : givenMtuBytes;
            long windowBytes = givenWindowBytes == null ? defaults.windowBytes() : givenWindowBytes;
            if (mtuBytes < 256 || mtuBytes > 65_504 || mtuBytes % 32 != 0) {
                throw new IllegalArgumentException(
                        "--mtu " + mtuBytes + ": a packet has 256 to 65504 bytes, a multiple of 32");
            }
            if (windowBytes < 1 << 17 || windowBytes > 1 << 28) {
                throw new IllegalArgumentException("--window " + windowBytes + ": give 128k to 256M");
            }
            return Optional.of(FrameEngine.named("aeron")
                    .open(new FrameEngine.Settings(
                            Optional.ofNullable(directory), (int) mtuBytes, (int) windowBytes, group)));
        }

        private void refuseWithoutAeron() {
            String unused = directory != null
                    ? "--aeron-dir"
                    : givenMtuBytes != null ? "--mtu" : givenWindowBytes != null ? "--window" : "";
            if (!unused.isEmpty()) {
                throw new IllegalArgumentException(unused + ": give --aeron or --multicast too");
            }
        }
    }
}
