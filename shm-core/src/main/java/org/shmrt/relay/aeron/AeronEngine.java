package org.shmrt.relay.aeron;

import io.aeron.Aeron;
import io.aeron.ChannelUriStringBuilder;
import io.aeron.ExclusivePublication;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.exceptions.AeronException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.shmrt.error.ShmException;
import org.shmrt.relay.link.ByteLink;
import org.shmrt.relay.link.FrameEngine;
import org.shmrt.relay.link.JoinableLink;
import org.shmrt.relay.link.LinkException;
import org.shmrt.relay.link.MulticastGroup;
import org.shmrt.text.FileNames;

/**
 * Links for frames by Aeron's UDP, unicast and multicast, with a media driver in this process, on one thread, or in another
 * one. Safe for any thread.
 */
final class AeronEngine implements FrameEngine {
    private static final Path MAX_SOCKET_BUFFER = Path.of("/proc/sys/net/core/rmem_max");
    private static final int FALLBACK_BUFFER_BYTES = 1 << 17;
    private static final int MIN_TERM_BYTES = 1 << 16;
    /** As long as Aeron itself waits for its driver: the thread of the driver may be late on a busy machine. */
    private static final long RESOLVE_NS = 10_000_000_000L;

    private static final long POLL_NS = 1_000_000L;
    /** An endpoint: host (an address of IPv6 in brackets), port, and the number of the stream. */
    private static final Pattern ENDPOINT =
            Pattern.compile("((?:\\[[0-9a-fA-F:.]+]|[0-9a-zA-Z.-]+):[0-9]{1,5})/([0-9]{1,9})");
    /** That of a group: its address and port, the number of the stream, and that of the sender's session. */
    private static final Pattern GROUP_ENDPOINT =
            Pattern.compile("((?:\\[[0-9a-fA-F:.]+]|[0-9.]+):[0-9]{1,5})/([0-9]{1,9})/(-?[0-9]{1,10})");
    /** A receiver of a group that is silent for so long does not hold up the others. */
    private static final String RECEIVER_TIMEOUT = "1s";

    private final MediaDriver driver;
    private final Aeron aeron;
    private final Settings settings;
    private final LastError error;

    private AeronEngine(MediaDriver driver, Aeron aeron, Settings settings, LastError error) {
        this.error = error;
        this.driver = driver;
        this.aeron = aeron;
        this.settings = settings;
    }

    static AeronEngine open(Settings settings) {
        MediaDriver driver = null;
        LastError error = new LastError();
        try {
            String directory;
            if (settings.driverDirectory().isPresent()) {
                directory = settings.driverDirectory().get().toString();
            } else {
                driver = MediaDriver.launch(new MediaDriver.Context()
                        .aeronDirectoryName(DriverDirectory.next().toString())
                        .threadingMode(ThreadingMode.SHARED)
                        .errorHandler(error)
                        .dirDeleteOnStart(true)
                        .dirDeleteOnShutdown(true));
                directory = driver.aeronDirectoryName();
            }
            Aeron aeron = Aeron.connect(
                    new Aeron.Context().aeronDirectoryName(directory).errorHandler(error));
            return new AeronEngine(driver, aeron, settings, error);
        } catch (AeronException e) {
            if (driver != null) {
                driver.close();
            }
            throw new ShmException(
                    "cannot start Aeron"
                            + settings.driverDirectory()
                                    .map(path -> " with the media driver of " + FileNames.text(path))
                                    .orElse("")
                            + ": " + e.getMessage() + "; check that the driver runs, or use tcp",
                    e);
        } catch (RuntimeException | Error e) {
            if (driver != null) {
                driver.close();
            }
            throw e;
        }
    }

    /** A window larger than the buffer of the socket is refused. */
    private int receiveWindow() {
        try {
            // By a large buffer: the kernel gives a number of /proc/sys in one piece, and ends after the first read.
            int most = Integer.parseInt(
                    Files.readAllLines(MAX_SOCKET_BUFFER).getFirst().strip());
            return Math.min(settings.windowBytes(), most);
        } catch (IOException | NumberFormatException | NoSuchElementException e) {
            return Math.min(settings.windowBytes(), FALLBACK_BUFFER_BYTES);
        }
    }

    private static int randomStream() {
        return ThreadLocalRandom.current().nextInt(1, 1_000_000_000);
    }

    @Override
    public Receiver receiver(String host) {
        int stream = randomStream();
        String channel = receiving().endpoint(FrameEngine.hostText(host) + ":0").build();
        try {
            Subscription subscription = aeron.addSubscription(channel, stream);
            return new AeronReceiver(subscription, resolved(subscription) + "/" + stream, settings.mtuBytes(), error);
        } catch (AeronException e) {
            throw new LinkException("cannot receive frames by Aeron at " + host + ": " + e.getMessage(), e);
        }
    }

    private static String resolved(Subscription subscription) {
        long startNs = System.nanoTime();
        String endpoint = subscription.resolvedEndpoint();
        while (endpoint == null) {
            if (System.nanoTime() - startNs > RESOLVE_NS) {
                subscription.close();
                throw new LinkException("the media driver of Aeron does not answer: check that it runs");
            }
            LockSupport.parkNanos(POLL_NS);
            endpoint = subscription.resolvedEndpoint();
        }
        return endpoint;
    }

    @Override
    public ByteLink sender(String endpoint) {
        Matcher matcher = ENDPOINT.matcher(endpoint);
        if (!matcher.matches()) {
            throw new LinkException("'" + endpoint + "' is not an endpoint of Aeron");
        }
        String channel = sending().endpoint(matcher.group(1)).build();
        try {
            return new AeronSender(
                    aeron.addExclusivePublication(channel, Integer.parseInt(matcher.group(2))),
                    matcher.group(1),
                    endpoint,
                    error);
        } catch (AeronException | IllegalArgumentException e) {
            throw new LinkException("cannot send frames by Aeron to " + endpoint + ": " + e.getMessage(), e);
        }
    }

    private ChannelUriStringBuilder sending() {
        int term = Math.max(MIN_TERM_BYTES, Integer.highestOneBit(2 * settings.windowBytes() - 1) << 1);
        return new ChannelUriStringBuilder()
                .media("udp")
                .mtu(settings.mtuBytes())
                .termLength(term);
    }

    private ChannelUriStringBuilder receiving() {
        int window = receiveWindow();
        return new ChannelUriStringBuilder()
                .media("udp")
                .socketRcvbufLength(window)
                .receiverWindowLength(window);
    }

    @Override
    public Optional<MulticastGroup> group() {
        return settings.group();
    }

    @Override
    public GroupSender groupSender(String host) {
        MulticastGroup group = settings.group().orElseThrow();
        checkReachable(group, host);
        int stream = randomStream();
        String channel = sending()
                .endpoint(group.toString())
                .networkInterface(FrameEngine.hostText(host))
                .minFlowControl(null, RECEIVER_TIMEOUT)
                .build();
        try {
            ExclusivePublication publication = aeron.addExclusivePublication(channel, stream);
            return new AeronSender(
                    publication, group.toString(), group + "/" + stream + "/" + publication.sessionId(), error);
        } catch (AeronException | IllegalArgumentException e) {
            throw new LinkException("cannot send frames to the group " + group + ": " + e.getMessage(), e);
        }
    }

    private static void checkReachable(MulticastGroup group, String host) {
        if (!group.isReachableFrom(host)) {
            throw new LinkException("the group " + group + " cannot be reached from " + host
                    + ": both must be IPv4, or both IPv6; connect to the relay by an address of the group's kind");
        }
    }

    @Override
    public JoinableLink groupReceiver(String endpoint, String host) {
        Matcher matcher = GROUP_ENDPOINT.matcher(endpoint);
        if (!matcher.matches()) {
            throw new LinkException("'" + endpoint + "' is not an endpoint of a multicast group");
        }
        MulticastGroup group = group(matcher.group(1));
        checkReachable(group, host);
        AeronReceiver receiver =
                groupReceiver(group, Integer.parseInt(matcher.group(2)), Long.parseLong(matcher.group(3)), host);
        try {
            receiver.awaitSender();
            return receiver;
        } catch (RuntimeException | Error e) {
            receiver.close();
            throw e;
        }
    }

    private AeronReceiver groupReceiver(MulticastGroup group, int stream, long session, String host) {
        String channel = receiving()
                .endpoint(group.toString())
                .networkInterface(FrameEngine.hostText(host))
                .sessionId((int) session)
                .build();
        try {
            return new AeronReceiver(
                    aeron.addSubscription(channel, stream), group.toString(), settings.mtuBytes(), error);
        } catch (AeronException e) {
            throw new LinkException("cannot receive frames of the group " + group + ": " + e.getMessage(), e);
        }
    }

    /** The group in an endpoint that another machine has sent. */
    private static MulticastGroup group(String text) {
        try {
            return MulticastGroup.parse(text);
        } catch (IllegalArgumentException e) {
            throw new LinkException("the other side named an invalid group: " + e.getMessage(), e);
        }
    }

    @Override
    public synchronized void close() {
        if (aeron.isClosed()) {
            return;
        }
        aeron.close();
        if (driver != null) {
            driver.close();
        }
    }
}
