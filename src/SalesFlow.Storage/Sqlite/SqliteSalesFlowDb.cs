using Microsoft.EntityFrameworkCore;
using SalesFlow.Sales;

namespace SalesFlow.Storage.Sqlite;

/// <summary>The company's database in one SQLite file.</summary>
public sealed class SqliteSalesFlowDb(DbContextOptions<SqliteSalesFlowDb> options) : SalesFlowDb(options);
