using System.Text.Json;
using Chard.Infra.Tests.Tools;

namespace Chard.Infra.Tests.Settings;

/// <summary>What the template sets the code reads, and what the code reads is set or has a default that the docs tell.</summary>
public sealed class SettingsTests
{
    /// <summary>What others than this code read, and who.</summary>
    private static readonly Dictionary<string, string> Platform = new()
    {
        ["AzureWebJobsStorage__credential"] = "the host, triggers and Microsoft.Extensions.Azure",
        ["AzureWebJobsStorage__clientId"] = "the same",
        ["AzureWebJobsStorage__blobServiceUri"] = "the same",
        ["AzureWebJobsStorage__queueServiceUri"] = "the same",
        ["AzureWebJobsStorage__tableServiceUri"] = "the same",
        ["AZURE_CLIENT_ID"] = "Azure.Identity, for which identity the app is",
        ["APPLICATIONINSIGHTS_AUTHENTICATION_STRING"] = "the host, for its own telemetry",
        ["DURABLE_TASK_SCHEDULER_CONNECTION_STRING"] = "the host's provider azureManaged",
        ["TASKHUB_NAME"] = "the host's provider azureManaged",
    };

    /// <summary>Without these the app would not start on Azure, or not do what it is there for.</summary>
    private static readonly string[] Needed =
    [
        "AZURE_CLIENT_ID", "AzureWebJobsStorage__blobServiceUri", "AzureWebJobsStorage__queueServiceUri",
        "AzureWebJobsStorage__tableServiceUri", "AzureWebJobsStorage__credential", "AzureWebJobsStorage__clientId",
        "APPLICATIONINSIGHTS_CONNECTION_STRING", "Chard__Clock", "Chard__Imports__Database", "Chard__Mail__Smtp__Host",
    ];

    [BicepFact]
    public async Task Template_SetsOnlyWhatSomebodyReads() => Assert.Empty(Unread(await Bicep.MainAsync()));

    [BicepFact]
    public async Task Template_SetsWhatAzureNeeds()
    {
        IReadOnlySet<string> set = TemplateSettings.Of(await Bicep.MainAsync());

        Assert.DoesNotContain(Needed, setting => !set.Contains(setting));
    }

    [BicepFact]
    public async Task Template_SettingWithATypo_IsFound()
    {
        using TemplateCopy copy = Bicep.Copy();
        copy.Replace("main.bicep", "Chard__Clock:", "Chard__Clok:");
        copy.Replace("main.bicep", "    AZURE_CLIENT_ID:", "    AZURE_CLIENTID:");

        JsonElement template = await Bicep.BuildAsync(copy.Folder);

        Assert.Equal(["AZURE_CLIENTID", "Chard__Clok"], Unread(template).Except(Unread(await Bicep.MainAsync())));
        Assert.Equal(["AZURE_CLIENT_ID", "Chard__Clock"], Needed.Where(setting => !TemplateSettings.Of(template).Contains(setting)));
    }

    [BicepFact]
    public async Task Code_ReadsNothingThatIsNeitherSetNorTold()
    {
        Assert.Empty(await UntoldAsync(CodeSettings.Of(CodeSettings.Files())));
    }

    [BicepFact]
    public async Task Code_ReadsASettingThatNobodyKnows_IsFound()
    {
        IReadOnlySet<string> read = CodeSettings.Of([.. CodeSettings.Files(), """configuration["Chard:Ghost:Days"]"""]);

        Assert.Equal(["Chard:Ghost:Days"], await UntoldAsync(read));
    }

    [Fact]
    public void Code_EachWayToReadASetting_IsSeen()
    {
        IReadOnlySet<string> read = CodeSettings.Of(
        [
            """
            public sealed class MailOptions
            {
                public const string Section = "Chard:Mail";
                public string Folder { get; set; } = ".";
                public SmtpOptions Smtp { get; } = new();
            }

            public sealed class SmtpOptions
            {
                public string? Host { get; set; }
            }
            """,
            """IConfigurationSection section = configuration.GetSection("Chard:Ledger"); Seconds("LeaseSeconds", 1);""",
            """[TimerTrigger("%Chard:Clock%")] TimerInfo timer; configuration["Chard:Payloads:Days"];""",
            """private const string Section = "Chard:Retention"; configuration[$"{Section}:EndedDays"];""",
            """internal static class AccessKeys { public const string Section = "Chard:Access"; }""",
            """AccessKeys.In(configuration, "ReaderKey", 32);""",
            """public sealed class Colours { const string Section = "Chard:Colours"; section[$"{shade}Name"]; }""",
            """
            public enum Shade
            {
                /// <summary>Pale.</summary>
                Light,

                Dark,
            }
            """,
        ]);

        Assert.Equal(
            [
                "Chard:Access:ReaderKey", "Chard:Clock", "Chard:Colours:DarkName", "Chard:Colours:LightName",
                "Chard:Ledger:LeaseSeconds", "Chard:Mail:Folder", "Chard:Mail:Smtp:Host", "Chard:Payloads:Days",
                "Chard:Retention:EndedDays",
            ],
            read.Order(StringComparer.Ordinal));
    }

    [BicepFact]
    public async Task Docs_TellOfEachSettingOfTheTemplate()
    {
        string page = await File.ReadAllTextAsync(RepositoryPaths.Of("docs", "deploy.md"));

        Assert.DoesNotContain(
            TemplateSettings.Of(await Bicep.MainAsync()), name => !page.Contains($"`{name}`", StringComparison.Ordinal));
    }

    private static string[] Unread(JsonElement template)
    {
        IReadOnlyCollection<string> files = CodeSettings.Files();
        IReadOnlySet<string> read = CodeSettings.Of(files);
        return [.. TemplateSettings.Of(template).Order(StringComparer.Ordinal).Where(name =>
            !Platform.ContainsKey(name)
            && !read.Has(name.Replace("__", ":", StringComparison.Ordinal))
            && !files.Any(file => file.Contains($"\"{name}\"", StringComparison.Ordinal)))];
    }

    private static async Task<string[]> UntoldAsync(IReadOnlySet<string> read)
    {
        string docs = string.Concat(Directory.EnumerateFiles(RepositoryPaths.Of("docs"), "*.md", SearchOption.AllDirectories)
            .Select(File.ReadAllText));
        IReadOnlySet<string> set = TemplateSettings.Of(await Bicep.MainAsync());
        return [.. read.Order(StringComparer.Ordinal).Where(setting =>
            !set.Contains(setting.Replace(":", "__", StringComparison.Ordinal))
            && !docs.Contains($"`{setting}`", StringComparison.Ordinal))];
    }
}
