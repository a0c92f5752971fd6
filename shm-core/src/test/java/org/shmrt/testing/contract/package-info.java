/** Requirements that every stream format must meet, as abstract tests that the tests of a format extend. */
package org.shmrt.testing.contract;
