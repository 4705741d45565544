using System.Reflection;
using System.Text.Json;

namespace Chard.Testing;

/// <summary>The app's entry point, and how it ended.</summary>
internal sealed class AppMain(Func<string[], Task> entryPoint)
{
    private const string WorkerConfig = "worker.config.json";

    private static readonly Lazy<Assembly> Found = new(FindIndexed);

    private Task ended = Task.CompletedTask;

    /// <summary>
    /// The assembly in which the Functions SDK has indexed the functions: the one that the build's worker.config.json names.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is no such file beside the tests.</exception>
    public static Assembly Indexed => Found.Value;

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
        var file = Path.Combine(AppContext.BaseDirectory, WorkerConfig);
        if (!File.Exists(file))
        {
            throw new InvalidOperationException(
                $"There is no {WorkerConfig} in {AppContext.BaseDirectory}. The build of a Functions app makes it, and brings it along to "
                    + "a project that refers to the app's project: let the tests' project do so.");
        }

        using var config = JsonDocument.Parse(File.ReadAllBytes(file));
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
