package org.shmrt.relay.service;

import java.util.List;
import java.util.Optional;
import org.shmrt.relay.StreamDescription;
import org.shmrt.relay.dao.DaoRequests;
import org.shmrt.relay.link.Handshake;
import org.shmrt.relay.link.PreSharedKey;
import org.shmrt.relay.link.TcpLink;
import org.shmrt.relay.wire.FrameHeader;
import org.shmrt.relay.wire.Requests;
import org.shmrt.relay.wire.ShmProtocol;

/** Single requests to a relay. Stateless. */
public final class RelayClient {
    private RelayClient() {}

    /**
     * The streams that another machine offers.
     *
     * @throws org.shmrt.relay.link.LinkException if it does not answer
     * @throws IllegalArgumentException if it may not be asked without a key
     */
    public static List<StreamDescription> list(
            RelayAddress machine, RelayProtocol protocol, Optional<PreSharedKey> key, NetworkTrust trust) {
        Optional<PreSharedKey> usable = protocol == RelayProtocol.DAO ? Optional.empty() : key;
        trust.check(machine.host(), usable, "list the streams of");
        try (TcpLink link = TcpLink.connect(machine.host(), machine.port(), Timing.SILENCE_NS, Timing.ESTABLISH_NS)) {
            if (protocol == RelayProtocol.DAO) {
                return new DaoRequests(link).catalog().streams();
            }
            Handshake.Session session = Handshake.client(link, key);
            FrameHeader sent = new FrameHeader(ShmProtocol.INSTANCE);
            FrameHeader received = new FrameHeader(ShmProtocol.INSTANCE);
            return new Requests(session.link(), sent, received).list();
        }
    }
}
