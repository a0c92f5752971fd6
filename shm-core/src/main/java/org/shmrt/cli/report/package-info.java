/**
 * What the verbs print about streams, arrays and blocks: documented JSON keys, and text. May import {@code cli.verb}
 * and the libraries below {@code cli}.
 */
package org.shmrt.cli.report;
