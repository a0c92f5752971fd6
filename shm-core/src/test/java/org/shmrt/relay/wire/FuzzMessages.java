package org.shmrt.relay.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.shmrt.error.IncompatibleException;
import org.shmrt.fuzz.FuzzTarget;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.relay.Delivery;
import org.shmrt.relay.StreamDescription;
import org.shmrt.relay.dao.DaoProtocol;
import org.shmrt.relay.dao.DaoRequests;
import org.shmrt.relay.link.GroupKey;
import org.shmrt.relay.link.GroupTicket;
import org.shmrt.relay.link.Handshake;
import org.shmrt.relay.link.MemoryLink;
import org.shmrt.relay.link.MulticastGroup;
import org.shmrt.stream.keyword.Keyword;

/** What another machine may send: descriptions in both protocols, lists, requests, and whole connections. */
public final class FuzzMessages implements FuzzTarget {
    private static final StreamDescription CAM = new StreamDescription(
            "cam",
            "dao",
            DataType.UINT16,
            Shape.of(4, 6),
            2,
            5,
            3,
            List.of(Keyword.of("gain", 5), Keyword.of("k", "v")));

    private final String kind;

    /** A target: {@code shm}, {@code dao}, {@code list}, {@code connection}, {@code answers} or {@code lines}. */
    public FuzzMessages(String kind) {
        this.kind = kind;
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    @Override
    public List<byte[]> seeds() {
        return switch (kind) {
            case "shm" -> List.of(bytes(ShmProtocol.INSTANCE.encode(CAM)));
            case "dao" -> List.of(bytes(DaoProtocol.INSTANCE.encode(CAM)));
            case "list" -> List.of(bytes(ShmProtocol.encodeList(List.of(CAM, CAM))));
            case "connection" -> List.of(connection());
            case "answers" -> List.of(answer(Optional.empty()), answer(Optional.of(GroupKey.random())));
            default ->
                List.of(
                        "SUBSCRIBE cam rtc1\n".getBytes(StandardCharsets.UTF_8),
                        "NODE rtc1 5 dao\nSHM cam 2 4 6 1 3 2 1 0\nEND\n".getBytes(StandardCharsets.UTF_8),
                        ("NODE rtc1 5 dao" + "\n".repeat(1900)).getBytes(StandardCharsets.UTF_8));
        };
    }

    /** What a client without a key sends: its greeting and a request. */
    private static byte[] connection() {
        byte[] hello = Arrays.copyOf("SHRRELAY\u0001".getBytes(StandardCharsets.UTF_8), 48);
        byte[] name = {1, 3, 0, 'c', 'a', 'm', 1, 0, 'x', 0, 0};
        byte[] header = bytes(new FrameHeader(ShmProtocol.INSTANCE).message(MessageType.SUBSCRIBE, name.length));
        byte[] all = Arrays.copyOf(hello, 48 + header.length + name.length);
        System.arraycopy(header, 0, all, 48, header.length);
        System.arraycopy(name, 0, all, 48 + header.length, name.length);
        return all;
    }

    /** What a server answers who wants to join its group. */
    private static byte[] answer(Optional<GroupKey> key) {
        MemoryLink link = new MemoryLink(new byte[0]);
        new Requests(link, new FrameHeader(ShmProtocol.INSTANCE), new FrameHeader(ShmProtocol.INSTANCE))
                .grant(new GroupTicket("239.255.77.21:7721", key, 12, 1));
        return link.sent();
    }

    private static void parseGroup(String text) {
        try {
            MulticastGroup.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IncompatibleException(e.getMessage(), e); // as the engine does
        }
    }

    @Override
    public int mostInputBytes() {
        return 2000;
    }

    @Override
    public long mostBytes(int inputBytes) {
        return 1L << 20;
    }

    @Override
    public void use(byte[] input) {
        ByteBuffer payload = ByteBuffer.wrap(input).order(ByteOrder.LITTLE_ENDIAN);
        switch (kind) {
            case "shm" -> ShmProtocol.INSTANCE.encode(ShmProtocol.INSTANCE.decode(payload));
            case "dao" -> DaoProtocol.INSTANCE.encode(DaoProtocol.INSTANCE.decode(payload));
            case "list" -> ShmProtocol.decodeList(payload);
            case "connection" -> {
                MemoryLink link = new MemoryLink(input);
                Handshake.server(link, Optional.empty());
                FrameHeader header = new FrameHeader(ShmProtocol.INSTANCE);
                new Requests(link, new FrameHeader(ShmProtocol.INSTANCE), header).receive();
            }
            case "answers" ->
                new Requests(
                                new MemoryLink(input),
                                new FrameHeader(ShmProtocol.INSTANCE),
                                new FrameHeader(ShmProtocol.INSTANCE))
                        .subscribe(
                                new Requests.Subscription("cam", "rtc1", Delivery.EVERY, Requests.Subscription.GROUP))
                        .ifPresent(ticket -> parseGroup(ticket.endpoint()));
            default -> {
                new DaoRequests(new MemoryLink(input)).receive();
                new DaoRequests(new MemoryLink(input)).catalog();
            }
        }
    }
}
