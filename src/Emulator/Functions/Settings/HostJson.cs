using Microsoft.Extensions.Configuration;

namespace Chard.Emulator.Functions.Settings;

/// <summary>host.json, checked: every key the host does not know and every value it cannot use is a fault with its place.</summary>
internal sealed class HostJson
{
    public const string FileName = "host.json";

    /// <summary>Environment variables of this prefix override the file, as on Azure.</summary>
    public const string EnvironmentPrefix = "AzureFunctionsJobHost__";

    private HostJson(IConfiguration root) => Root = root;

    /// <summary>The whole file as configuration, overrides included.</summary>
    public IConfiguration Root { get; }

    public string RoutePrefix { get; private set; } = "api";

    public QueueOptions Queues { get; private set; } = new();

    public DurableOptions Durable { get; private set; } = new();

    /// <summary>How long a function that is not durable may run before its token fires. The Core Tools' default is 30 minutes.</summary>
    public TimeSpan? FunctionTimeout { get; private set; } = TimeSpan.FromMinutes(30);

    /// <summary>Only these functions are loaded; null: all.</summary>
    public IReadOnlyList<string>? Functions { get; private set; }

    /// <summary>Reads the file; without one all is default, which is a fault where one is required.</summary>
    public static HostJson Load(string path, bool isRequired, IReadOnlyDictionary<string, string?> overrides, List<string> faults)
    {
        IConfigurationRoot root;
        try
        {
            root = new ConfigurationBuilder()
                .AddJsonFile(path, optional: true, reloadOnChange: false)
                .AddEnvironmentVariables(EnvironmentPrefix)
                .AddInMemoryCollection(overrides)
                .Build();
        }
        catch (InvalidDataException error)
        {
            faults.Add($"host.json is not valid JSON: {error.InnerException?.Message ?? error.Message}");
            return new HostJson(new ConfigurationBuilder().Build());
        }

        var json = new HostJson(root);
        var reader = new HostJsonReader(root, faults);
        if (File.Exists(path))
        {
            json.CheckVersion(reader);
        }
        else if (isRequired)
        {
            faults.Add($"There is no host.json at {path}. Add one beside the app, at least {{\"version\": \"2.0\"}}, and copy it to the output folder.");
        }

        json.Read(reader);
        return json;
    }

    private void CheckVersion(HostJsonReader reader)
    {
        var version = Root["version"];
        if (version != "2.0")
        {
            reader.Fault($"version is {(version is null ? "missing" : $"'{version}'")}; it must be \"2.0\"");
        }
    }

    private void Read(HostJsonReader reader)
    {
        HostJsonSchema.Check(Root, reader);
        RoutePrefix = (Root["extensions:http:routePrefix"] ?? "api").Trim('/');
        FunctionTimeout = Root["functionTimeout"] switch
        {
            null => FunctionTimeout,
            "-1" => null,
            _ => reader.Span("functionTimeout", TimeSpan.FromSeconds(1), TimeSpan.MaxValue) ?? FunctionTimeout,
        };
        var functions = Root.GetSection("functions").GetChildren().Select(child => child.Value ?? string.Empty).ToArray();
        Functions = functions.Length == 0 ? null : functions;
        Queues = QueueOptions.Read(reader);
        Durable = DurableOptions.Read(reader);
    }
}

/// <summary>Section extensions.queues.</summary>
internal sealed record QueueOptions
{
    /// <summary>Messages taken at once.</summary>
    public int BatchSize { get; init; } = 16;

    /// <summary>A new batch is fetched once no more than this many messages are being processed.</summary>
    public int NewBatchThreshold { get; init; } = 8 * Environment.ProcessorCount;

    /// <summary>How long a message stays hidden after its function has failed.</summary>
    public TimeSpan VisibilityTimeout { get; init; } = TimeSpan.Zero;

    /// <summary>The longest pause between two looks at an empty queue. The real default is a minute; a local queue is worth a look a second.</summary>
    public TimeSpan MaxPollingInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Deliveries after which a failing message goes to the poison queue.</summary>
    public int MaxDequeueCount { get; init; } = 5;

    public bool IsBase64 { get; init; } = true;

    public static QueueOptions Read(HostJsonReader reader)
    {
        const string Section = "extensions:queues:";
        var defaults = new QueueOptions();
        var batch = reader.Integer(Section + "batchSize", 1, 32) ?? defaults.BatchSize;
        var encoding = reader.OneOf(Section + "messageEncoding", "base64", "none");
        return new QueueOptions
        {
            BatchSize = batch,
            NewBatchThreshold = reader.Integer(Section + "newBatchThreshold", 0, int.MaxValue) ?? Math.Max(1, batch / 2 * Environment.ProcessorCount),
            VisibilityTimeout = reader.Span(Section + "visibilityTimeout", TimeSpan.Zero, TimeSpan.FromDays(7)) ?? defaults.VisibilityTimeout,
            MaxPollingInterval = reader.Span(Section + "maxPollingInterval", TimeSpan.FromMilliseconds(100), TimeSpan.MaxValue) ?? defaults.MaxPollingInterval,
            MaxDequeueCount = reader.Integer(Section + "maxDequeueCount", 1, int.MaxValue) ?? defaults.MaxDequeueCount,
            IsBase64 = encoding is null or "base64",
        };
    }
}

/// <summary>Section extensions.durableTask, as far as a single machine has a use for it.</summary>
internal sealed record DurableOptions
{
    public string HubName { get; init; } = "TestHubName";

    public int? MaxConcurrentActivities { get; init; }

    public int? MaxConcurrentOrchestrators { get; init; }

    public static DurableOptions Read(HostJsonReader reader)
    {
        const string Section = "extensions:durableTask:";
        return new DurableOptions
        {
            HubName = reader.Text(Section + "hubName") ?? new DurableOptions().HubName,
            MaxConcurrentActivities = reader.Integer(Section + "maxConcurrentActivityFunctions", 1, int.MaxValue),
            MaxConcurrentOrchestrators = reader.Integer(Section + "maxConcurrentOrchestratorFunctions", 1, int.MaxValue),
        };
    }
}
