namespace Chard.DurableTask.Sqlite;

/// <summary>The engine has crashed by a fault that a test asked for: what was called has not happened, or nobody can tell.</summary>
public sealed class EngineCrashedException : Exception
{
    public EngineCrashedException()
        : base("The engine has crashed. Start a new one on the same store.")
    {
    }

    public EngineCrashedException(string message)
        : base(message)
    {
    }

    public EngineCrashedException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
