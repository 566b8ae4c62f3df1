/** ipvs: virtual servers and how they are found, schedulers, and its own table of connections. */
package dev.conntrail.model.ipvs;
