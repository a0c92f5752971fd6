/** What all verbs share: options, exit status, output, conversion of arguments. */
package org.shmrt.cli.verb;
