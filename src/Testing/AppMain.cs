using System.Reflection;
using System.Text.Json;

namespace Chard.Testing;

/// <summary>The app's entry point, and how it ended.</summary>
internal sealed class AppMain(Func<string[], Task> entryPoint)
{
    private Task ended = Task.CompletedTask;

    /// <summary>
    /// The assembly in which the Functions SDK has indexed the functions: the one that the build's worker.config.json names.
    /// </summary>
    public static Assembly Indexed { get; } = FindIndexed();

    /// <summary>What the entry point threw; null while it runs and when it ended in good order.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>The entry point of an assembly as a function.</summary>
    public static Func<string[], Task> EntryPoint(MethodInfo method) => arguments =>
        method.Invoke(null, BindingFlags.DoNotWrapExceptions, null, method.GetParameters().Length == 0 ? [] : [arguments], null) as Task
        ?? Task.CompletedTask;

    public void Begin() => Failure = null;

    public Task RunAsync(string[] arguments) => ended = RunToEndAsync(arguments);

    /// <summary>Waits for its end, but not for ever: code that ignores its tokens may never end.</summary>
    public Task EndAsync(TimeSpan timeout) => ended.WaitAsync(timeout, TimeProvider.System).ContinueWith(_ => { }, TaskScheduler.Default);

    private static Assembly FindIndexed()
    {
        using var config = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "worker.config.json")));
        var path = config.RootElement.GetProperty("description").GetProperty("defaultWorkerPath").GetString()!;
        return Assembly.Load(Path.GetFileNameWithoutExtension(path));
    }

    private async Task RunToEndAsync(string[] arguments)
    {
        try
        {
            await entryPoint(arguments);
        }
        catch (Exception error)
        {
            Failure = error;
            throw;
        }
    }
}
