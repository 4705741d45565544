namespace Chard.Testing;

/// <summary>Who calls storage. Each enters by doors of its own, so that a test counts and disturbs the one it means.</summary>
public enum StorageClient
{
    /// <summary>The app: what its own clients send.</summary>
    App,

    /// <summary>The Functions host: listeners of queues, poison messages, output bindings.</summary>
    Host,

    /// <summary>The durable engine, where it keeps its state in the account.</summary>
    Engine,
}
