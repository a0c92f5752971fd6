package org.shmrt.relay.dao;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import org.shmrt.error.IncompatibleException;
import org.shmrt.memory.Shape;
import org.shmrt.relay.StreamDescription;
import org.shmrt.relay.link.ByteLink;
import org.shmrt.relay.link.LinkException;
import org.shmrt.relay.link.RefusedException;
import org.shmrt.stream.format.dao.DaoTypes;

/**
 * The first line of a connection to DAO's network service, and the answers. {@code CATALOG} is answered by a line
 * {@code NODE name version}, a line {@code SHM name rank s0 s1 s2 type keywords slots gpu} for each stream, and
 * {@code END}; {@code SUBSCRIBE stream node} by {@code OK}, or {@code ERR} and the reason. For one thread.
 */
public final class DaoRequests {
    private static final int MAX_LINE_BYTES = 511;
    private static final int MAX_STREAMS = 65_536;
    private static final Pattern NODE = Pattern.compile("NODE (\\S{1,63}) [0-9]+.*");
    private static final Pattern STREAM = Pattern.compile(
            "SHM (\\S+) ([0-9]{1,3}) ([0-9]{1,10}) ([0-9]{1,10}) ([0-9]{1,10}) ([0-9]{1,3}) ([0-9]{1,5})"
                    + " ([0-9]{1,10}) ([0-9]+)");
    private static final Pattern SUBSCRIBE = Pattern.compile("SUBSCRIBE (\\S{1,255}) (\\S{1,63})");
    private static final int MAX_AXES = 3;
    /** Ends the list of streams. */
    private static final String END = "END";
    /** Begins an entry of the list. */
    private static final String ENTRY = "SHM ";

    /** A request. */
    public sealed interface Request {
        /** For the list of streams. */
        record Catalog() implements Request {}

        /**
         * For a stream.
         *
         * @param stream its name
         * @param node the machine that asks
         */
        record Subscribe(String stream, String node) implements Request {}

        /**
         * Something else.
         *
         * @param line what was sent
         */
        record Unknown(String line) implements Request {}
    }

    private final ByteLink link;
    private final ByteBuffer one = ByteBuffer.allocateDirect(1);
    /** One for all lines, and no text of a line that is not used: a list of empty lines would take much memory. */
    private final byte[] line = new byte[MAX_LINE_BYTES];

    /** The requests of a link. */
    public DaoRequests(ByteLink link) {
        this.link = link;
    }

    /** Asks for the list of streams. Those that a relay cannot copy are left out. */
    public DaoCatalog catalog() {
        send("CATALOG\n");
        Matcher node = NODE.matcher(line());
        if (!node.matches()) {
            throw new RefusedException("the program at " + link.peer()
                    + " does not answer as DAO's network service does:" + " check the port");
        }
        List<StreamDescription> streams = new ArrayList<>();
        int length = receiveLine();
        for (int lines = 0; !(length == END.length() && startsWith(END, length)); lines++) {
            if (lines == MAX_STREAMS) {
                throw new LinkException(
                        "the service at " + link.peer() + " lists more than " + MAX_STREAMS + " streams");
            }
            if (startsWith(ENTRY, length)) {
                Matcher stream = STREAM.matcher(text(length));
                if (stream.matches()) {
                    add(streams, stream);
                }
            }
            length = receiveLine();
        }
        return new DaoCatalog(node.group(1), List.copyOf(streams));
    }

    private static void add(List<StreamDescription> streams, Matcher stream) {
        try {
            int rank = Integer.parseInt(stream.group(2));
            if (rank < 1 || rank > MAX_AXES || !stream.group(9).equals("0")) {
                return; // not possible, or in the memory of a GPU
            }
            long[] axes = new long[rank];
            for (int i = 0; i < rank; i++) {
                axes[i] = Long.parseLong(stream.group(3 + i));
            }
            streams.add(new StreamDescription(
                    stream.group(1),
                    "dao",
                    DaoProtocol.ofCode(Integer.parseInt(stream.group(6))),
                    DaoProtocol.shape(axes),
                    1,
                    0,
                    Integer.parseInt(stream.group(7)),
                    List.of()));
        } catch (IncompatibleException e) {
            // a stream that cannot be copied
        }
    }

    /**
     * Asks for a stream.
     *
     * @param node the name of this machine
     * @throws RefusedException if the service does not send it
     */
    public void subscribe(String stream, String node) {
        send("SUBSCRIBE " + stream + " " + node + "\n");
        String answer = line();
        if (!answer.equals("OK")) {
            throw new RefusedException("the service at " + link.peer() + " refused " + stream + ": "
                    + (answer.startsWith("ERR ") ? answer.substring(4) : answer));
        }
    }

    /** Waits for a request. Safe with any bytes. */
    public Request receive() {
        String request = line();
        if (request.equals("CATALOG")) {
            return new Request.Catalog();
        }
        Matcher subscribe = SUBSCRIBE.matcher(request);
        return subscribe.matches()
                ? new Request.Subscribe(subscribe.group(1), subscribe.group(2))
                : new Request.Unknown(request);
    }

    /** Grants a subscription. */
    public void grant() {
        send("OK\n");
    }

    /** Refuses a request. */
    public void refuse(String reason) {
        String answer = "ERR " + reason.replaceAll("[\\r\\n]", " ");
        send(answer.substring(0, Math.min(answer.length(), MAX_LINE_BYTES / 4)) + "\n");
    }

    /**
     * Answers with the list of streams. Its version changes with its content. Without a domain, services of every domain
     * accept it.
     */
    public void answer(DaoCatalog catalog) {
        StringBuilder lines = new StringBuilder();
        for (StreamDescription stream : catalog.streams()) {
            if (DaoProtocol.supports(stream.type()) && stream.name().chars().noneMatch(Character::isWhitespace)) {
                lines.append(line(stream));
            }
        }
        CRC32 version = new CRC32();
        version.update(lines.toString().getBytes(StandardCharsets.UTF_8));
        send("NODE " + catalog.node() + " " + (version.getValue() + 1) + "\n" + lines + "END\n");
    }

    private static String line(StreamDescription stream) {
        StringBuilder entry = new StringBuilder("SHM ").append(stream.name());
        Shape shape = stream.shape();
        entry.append(' ').append(shape.rank());
        for (int axis = 0; axis < MAX_AXES; axis++) {
            entry.append(' ').append(axis < shape.rank() ? shape.length(axis) : 1);
        }
        return entry.append(' ')
                .append(DaoTypes.code(stream.type()))
                .append(' ')
                .append(stream.keywordCapacity())
                .append(' ')
                .append(stream.depth())
                .append(" 0\n")
                .toString();
    }

    private void send(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        link.send(ByteBuffer.allocateDirect(bytes.length).put(bytes).flip());
    }

    private String line() {
        return text(receiveLine());
    }

    /** Receives a line into the buffer, and returns its length. */
    private int receiveLine() {
        for (int length = 0; length < MAX_LINE_BYTES; length++) {
            link.receive(one.clear());
            if (one.get(0) == '\n') {
                return length;
            }
            line[length] = one.get(0);
        }
        throw new LinkException("the program at " + link.peer() + " sent a line of more than " + MAX_LINE_BYTES
                + " bytes: check the port");
    }

    private String text(int length) {
        return new String(line, 0, length, StandardCharsets.UTF_8);
    }

    private boolean startsWith(String word, int length) {
        int equal = 0;
        while (equal < Math.min(length, word.length()) && line[equal] == word.charAt(equal)) {
            equal++;
        }
        return equal == word.length();
    }
}
