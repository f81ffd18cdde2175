// A swarm gets its images from a registry, each of its engines for itself.
jest.setTimeout(30 * 60_000);
