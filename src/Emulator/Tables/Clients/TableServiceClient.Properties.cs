using Azure.Data.Tables.Models;
using Chard.Emulator.Tables.Service;
using Chard.Emulator.Tables.Wire;

namespace Azure.Data.Tables;

public partial class TableServiceClient
{
    private const string PropertiesPath = "/?restype=service&comp=properties";
    private const string StatisticsPath = "/?restype=service&comp=stats";

    /// <summary>Reads the service's settings.</summary>
    public virtual Task<Response<TableServiceProperties>> GetPropertiesAsync(CancellationToken cancellationToken = default)
        => DocumentExchange.GetAsync(channel, PropertiesPath, ServiceDocuments.ReadProperties, async: true, cancellationToken);

    /// <inheritdoc cref="GetPropertiesAsync"/>
    public virtual Response<TableServiceProperties> GetProperties(CancellationToken cancellationToken = default)
        => DocumentExchange.GetAsync(channel, PropertiesPath, ServiceDocuments.ReadProperties, async: false, cancellationToken).GetAwaiter().GetResult();

    /// <summary>Changes the service's settings.</summary>
    public virtual Task<Response> SetPropertiesAsync(TableServiceProperties properties, CancellationToken cancellationToken = default)
        => SetProperties(properties, async: true, cancellationToken);

    /// <inheritdoc cref="SetPropertiesAsync"/>
    public virtual Response SetProperties(TableServiceProperties properties, CancellationToken cancellationToken = default)
        => SetProperties(properties, async: false, cancellationToken).GetAwaiter().GetResult();

    /// <summary>Reads, from the secondary address, how far the copy in the other region is.</summary>
    public virtual Task<Response<TableServiceStatistics>> GetStatisticsAsync(CancellationToken cancellationToken = default)
        => DocumentExchange.GetAsync(channel.Secondary(), StatisticsPath, ServiceDocuments.ReadStatistics, async: true, cancellationToken);

    /// <inheritdoc cref="GetStatisticsAsync"/>
    public virtual Response<TableServiceStatistics> GetStatistics(CancellationToken cancellationToken = default)
        => DocumentExchange.GetAsync(channel.Secondary(), StatisticsPath, ServiceDocuments.ReadStatistics, async: false, cancellationToken).GetAwaiter().GetResult();

    private async Task<Response> SetProperties(TableServiceProperties properties, bool async, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(properties);
        return await DocumentExchange.PutAsync(channel, PropertiesPath, ServiceDocuments.Write(properties), async, cancellationToken).ConfigureAwait(false);
    }
}
