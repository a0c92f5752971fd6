/**
 * The documentation as static HTML with a search, from the Markdown pages of the repository: {@code mvn -Psite} builds it.
 */
package org.shmrt.site;
