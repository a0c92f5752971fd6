package org.shmrt.relay.service;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.shmrt.error.ShmException;
import org.shmrt.relay.Delivery;
import org.shmrt.relay.SourceFeed;
import org.shmrt.relay.SourceWriter;
import org.shmrt.relay.StreamDescription;
import org.shmrt.relay.dao.DaoCatalog;
import org.shmrt.relay.dao.DaoProtocol;
import org.shmrt.relay.dao.DaoRequests;
import org.shmrt.relay.link.LinkException;
import org.shmrt.relay.link.TcpLink;
import org.shmrt.relay.status.RowRole;
import org.shmrt.relay.status.StatusPage;
import org.shmrt.relay.status.StatusRow;
import org.shmrt.relay.wire.FrameHeader;
import org.shmrt.relay.wire.SendSession;
import org.shmrt.relay.wire.Upstream;

/**
 * Serves connections of DAO's network service, as the machine that owns the streams. It sends the newest frame each time,
 * as that service does. Safe for any thread.
 */
final class DaoService implements RelayServer.Service {
    private final RelayServer.Settings settings;
    private final StatusPage page;
    private final Consumer<String> remarks;

    DaoService(RelayServer.Settings settings, StatusPage page, Consumer<String> remarks) {
        this.settings = settings;
        this.page = page;
        this.remarks = remarks;
    }

    @Override
    public void serve(TcpLink link) {
        DaoRequests requests = new DaoRequests(link);
        DaoRequests.Request request = requests.receive();
        link.established();
        switch (request) {
            case DaoRequests.Request.Catalog() ->
                requests.answer(new DaoCatalog(settings.node(), settings.offer().list()));
            case DaoRequests.Request.Subscribe(String stream, String node) -> subscribe(link, requests, stream, node);
            case DaoRequests.Request.Unknown ignored -> requests.refuse("unknown request");
        }
    }

    private void subscribe(TcpLink link, DaoRequests requests, String stream, String node) {
        Optional<StreamDescription> description = settings.offer().find(stream);
        Optional<Path> file = settings.offer().file(stream);
        if (description.isEmpty() || file.isEmpty()) {
            requests.refuse("no such SHM here");
            return;
        }
        if (!DaoProtocol.supports(description.get().type())) {
            requests.refuse("DAO has no elements of type " + description.get().type());
            return;
        }
        requests.grant();
        String reader = node + " (" + link.peer() + ")";
        remarks.accept(stream + " -> " + reader + ": DAO's protocol");
        try (SourceFeed feed = new SourceFeed(stream, file.get(), Delivery.NEWEST, settings.waiting());
                StatusRow row = page.row(RowRole.SEND, stream, reader, "dao");
                SourceWriter writer = new SourceWriter(settings.writes(), file.get(), row, remarks)) {
            SendSession session = new SendSession(
                    link,
                    DaoProtocol.INSTANCE,
                    new FrameHeader(DaoProtocol.INSTANCE),
                    feed,
                    Delivery.NEWEST,
                    row,
                    count -> writer.isLast(count) ? 1 : 0);
            new Upstream(link, new FrameHeader(DaoProtocol.INSTANCE), Optional.of(writer), session::stop).start();
            session.run();
        } catch (LinkException e) {
            remarks.accept(stream + " -> " + reader + ": " + e.getMessage());
        } catch (ShmException e) {
            remarks.accept("cannot read " + stream + " for " + reader + ": " + e.getMessage());
        }
    }
}
