/**
 * Base classes and options that the verbs share: help, output, exit status, conversion of arguments. May import the
 * libraries below {@code cli}, but no other package of {@code cli}.
 */
package org.shmrt.cli.verb;
