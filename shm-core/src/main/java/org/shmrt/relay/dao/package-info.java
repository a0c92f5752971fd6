/** The protocol of DAO's network service (daoShmNetd), version 1: its descriptions and its requests in lines of text. */
package org.shmrt.relay.dao;

// May import: relay.wire, relay.link, relay, stream.keyword, stream.format.dao, memory, text, error.
