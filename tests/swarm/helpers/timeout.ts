// A swarm gets its images from a registry, each of its engines for itself.
jest.setTimeout(20 * 60_000);
