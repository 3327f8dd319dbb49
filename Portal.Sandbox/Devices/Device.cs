namespace Portal.Sandbox.Devices;

/// <summary>A simulated device. Used by one connection at a time, so it needs no locks.</summary>
internal abstract class Device(string gateway, string region, string model, int seed)
{
    /// <summary>The client id of the connection that it publishes through.</summary>
    public string Gateway { get; } = gateway;

    public string Region { get; } = region;

    public string Model { get; } = model;

    /// <summary>The unit of its main value, a user property of its messages.</summary>
    public abstract string Unit { get; }

    /// <summary>How often it speaks, compared with the others.</summary>
    public abstract double Weight { get; }

    /// <summary>Seeded by its number: each device has a life of its own, the same one at every start.</summary>
    protected Random Random { get; } = new(seed);

    /// <summary>What it says now. <paramref name="elapsed"/> has passed since it spoke last.</summary>
    public abstract IEnumerable<Reading> Read(DateTimeOffset now, TimeSpan elapsed);

    /// <summary>How long until it speaks again, when it does so every <paramref name="period"/> on average.</summary>
    public virtual TimeSpan Pause(TimeSpan period) => period * (0.9 + (0.2 * Random.NextDouble()));

    /// <summary>A step of a random walk: about -<paramref name="size"/> to +<paramref name="size"/>, more often small.</summary>
    protected double Drift(double size) => size * (Random.NextDouble() + Random.NextDouble() - 1);
}
