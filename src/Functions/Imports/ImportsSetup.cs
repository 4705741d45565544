using Azure.Identity;
using Chard.Functions.Imports.Databases;
using Chard.Functions.Imports.Rules;
using Chard.Functions.Imports.Tasks;
using Chard.Platform;
using Chard.Starts;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Npgsql;
using OpenTelemetry.Trace;

namespace Chard.Functions.Imports;

/// <summary>Registers imports.</summary>
public static class ImportsSetup
{
    /// <summary>
    /// Adds workflow <c>ImportCsv</c>, its uploads and its database, with settings from section
    /// <c>Chard:Imports</c>. Safe to call twice.
    /// </summary>
    public static ChardBuilder AddImports(this ChardBuilder chard)
    {
        ArgumentNullException.ThrowIfNull(chard);
        IServiceCollection services = chard.Services;
        services.AddOptions<ImportOptions>()
            .Configure<IConfiguration>((options, configuration) =>
            {
                options.Folder = configuration["LOCALHOST_DATA"] ?? options.Folder;
                configuration.GetSection(ImportOptions.Section).Bind(options);
            })
            .ValidateDataAnnotations()
            .Validate<IConfiguration>(
                (options, configuration) => !Cloud.IsAzure(configuration) || ImportDatabases.IsPostgres(options.Database),
                $"{ImportOptions.Section}:Database is a SQLite file, which Azure deletes with the instance that it lies on: set it to a "
                    + "connection string of PostgreSQL (Host=...).")
            .ValidateOnStart();
        services.TryAddSingleton<ImportSources>();
        services.TryAddSingleton(provider => ImportDatabases.Create(
            provider.GetRequiredService<IOptions<ImportOptions>>().Value,
            Cloud.IsAzure(provider.GetRequiredService<IConfiguration>()) ? new DefaultAzureCredential() : null));
        services.TryAddSingleton(provider => UploadAge.In(provider.GetRequiredService<IConfiguration>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IWorkflowRetention, ImportRetention>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IClockWork, UploadSweep>());
        services.AddHostedService<ImportStorageInitializer>();
        services.ConfigureOpenTelemetryTracerProvider(tracing => tracing.AddNpgsql());
        return chard
            .AddRoute("StartImport", Role.Starter)
            .AddRoute("GetImportErrors", Role.Reader)
            .AddFailureRule<DatabaseFailureRule>()
            .AddWorkflow<ImportCsvArgs>(
                nameof(ImportCsvOrchestrator.ImportCsv),
                [
                    nameof(InspectCsv), nameof(SplitCsv), nameof(PrepareImportTable), nameof(ImportChunk), nameof(SummarizeImport),
                    nameof(DeleteImportParts),
                ],
                provider => provider.GetRequiredService<ImportSources>().Check,
                Input);
    }

    /// <summary>The file to import, and as many chunks at once as are set now.</summary>
    private static WorkflowInputMaker<ImportCsvArgs> Input(IServiceProvider services)
    {
        IOptions<ImportOptions> options = services.GetRequiredService<IOptions<ImportOptions>>();
        return (_, args, _) => ValueTask.FromResult<object>(new ImportCsvInput(args, options.Value.ChunksInFlight));
    }
}
