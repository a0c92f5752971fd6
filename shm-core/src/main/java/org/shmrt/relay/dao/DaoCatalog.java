package org.shmrt.relay.dao;

import java.util.List;
import org.shmrt.relay.StreamDescription;

/**
 * The streams of a machine, as its network service lists them.
 *
 * @param node the name of the machine
 * @param streams their descriptions, without keywords
 */
public record DaoCatalog(String node, List<StreamDescription> streams) {}
