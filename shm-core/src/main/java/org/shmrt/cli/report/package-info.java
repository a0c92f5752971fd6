/**
 * What the verbs print about streams, arrays and blocks: documented JSON keys, and text.
 */
package org.shmrt.cli.report;

// May import: cli.verb, stream.inspect, stream.keyword, stream.format, array, block, memory, text, error.
