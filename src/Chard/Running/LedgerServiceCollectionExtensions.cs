using System.Globalization;
using Chard.Domain.Ledger;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Chard.Running;

/// <summary>Registers the ledger.</summary>
public static class LedgerServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="TaskLedger"/> over Table storage, with the times of settings <c>Chard:Ledger:LeaseSeconds</c>,
    /// <c>DuplicateWaitSeconds</c>, <c>ProgressSeconds</c> and <c>AbandonSeconds</c>. Safe to call twice.
    /// </summary>
    public static IServiceCollection AddLedger(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => Read(provider.GetRequiredService<IConfiguration>().GetSection("Chard:Ledger")));
        services.TryAddSingleton<ILedgerStore, TableLedgerStore>();
        services.TryAddSingleton<TaskLedger>();
        return services;
    }

    private static LedgerSettings Read(IConfigurationSection section)
    {
        var defaults = new LedgerSettings();
        return new()
        {
            Lease = Seconds("LeaseSeconds", 1, 3600, defaults.Lease),
            DuplicateWait = Seconds("DuplicateWaitSeconds", 0, 60, defaults.DuplicateWait),
            ProgressInterval = Seconds("ProgressSeconds", 0.1, 3600, defaults.ProgressInterval),
            AbandonAfter = Seconds("AbandonSeconds", 0, 86_400, defaults.AbandonAfter),
        };

        TimeSpan Seconds(string name, double least, double most, TimeSpan otherwise)
        {
            if (section[name] is not { } text)
            {
                return otherwise;
            }

            return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds)
                && seconds >= least
                && seconds <= most
                ? TimeSpan.FromSeconds(seconds)
                : throw new InvalidOperationException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{section.Path}:{name} is '{text}'; it must be a number of seconds, {least} to {most}."));
        }
    }
}
